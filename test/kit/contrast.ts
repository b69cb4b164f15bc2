// How well one color can be read on another.

/** From 1 to 21 (WCAG 2.1, "contrast ratio"); `#rrggbb`. */
export function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const own = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return own <= 0.04045 ? own / 12.92 : ((own + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [one, two] = [luminance(a), luminance(b)];
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}
