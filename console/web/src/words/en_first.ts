/** What is on the screen at first says all this, in one file of each language. */
export { en as console } from './en';
export { en as told } from '../notices/told_en';
export { en as talk } from '../talk/words_en';
export { en as compose } from '../compose/words_en';
export { en as drafting } from '../drafting/words_en';
export { en as inbox } from '../inbox/words_en';
export { en as replies } from '../replies/words_en';
