/** Every test has the words of the console in both languages. */

import { fetchWords } from '../src/words/book';
import '../src/talk/words';
import '../src/words/words';

await Promise.all([fetchWords('ja'), fetchWords('en')]);
