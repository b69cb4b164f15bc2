// Small wording shared by what the commands say.

export { listWords, plural } from '../../text/words.ts';
