/** What is on the screen at first says all this, in one file of each language. */
export { ja as console } from './ja';
export { ja as told } from '../notices/told_ja';
export { ja as talk } from '../talk/words_ja';
export { ja as compose } from '../compose/words_ja';
export { ja as drafting } from '../drafting/words_ja';
export { ja as inbox } from '../inbox/words_ja';
export { ja as replies } from '../replies/words_ja';
