// Rules of style that show a drawing on a dark ground: every color of it gets a counterpart of the same hue, light ones dark
// and dark ones light, so that what could be read can be read. Attributes of SVG give way to any rule of style.

/** `scope` is a selector of what holds the drawing; the same drawing gives the same rules. */
export function darkStyle(svg: string, scope: string): string {
  const found = new Set(svg.match(/(?:fill|stroke)="(?:#[0-9a-f]{6}|white|black)"/g) ?? []);
  return [...found]
    .sort()
    .map((attribute) => {
      const [, property = '', color = ''] = /^(\w+)="([^"]+)"$/.exec(attribute) ?? [];
      return `${scope} [${attribute}] { ${property}: ${darken(color)}; }`;
    })
    .join('\n');
}

const NAMED: Readonly<Record<string, string>> = { white: '#ffffff', black: '#000000' };
/** Lightness of what was white, and of what was black. */
const GROUND = 0.115;
const BRIGHTEST = 0.93;

function darken(color: string): string {
  const hex = NAMED[color] ?? color;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const lightness = (most + least) / 2;
  const spread = most - least;
  const saturation = spread === 0 ? 0 : spread / (1 - Math.abs(2 * lightness - 1));
  const hue = spread === 0 ? 0.6 : hueOf(red, green, blue, most, spread);
  // What text stands on is darker still: yellow and green look brighter than they are.
  const isPale = spread > 0 && lightness > 0.7;
  const own = (BRIGHTEST - lightness * (BRIGHTEST - GROUND)) * (isPale ? 0.68 : 1);
  // Grays get a little of the hue of the ground; pale colors would be gaudy as dark ones.
  const strength = spread === 0 ? 0.14 : Math.min(saturation, isPale ? 0.42 : 0.6);
  const amplitude = strength * Math.min(own, 1 - own);
  const channel = (offset: number): string => {
    const k = (offset + hue * 12) % 12;
    const value = own - amplitude * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/** From 0 to 1. */
function hueOf(red: number, green: number, blue: number, most: number, spread: number): number {
  const sector =
    most === red ? (green - blue) / spread : most === green ? 2 + (blue - red) / spread : 4 + (red - green) / spread;
  return ((sector + 6) % 6) / 6;
}
