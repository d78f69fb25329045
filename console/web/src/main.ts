import './look/tokens.css';
import './look/base.css';
import './look/page.css';
import './look/table.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { watchComposition } from './screen/composition';
import { settings } from './state/settings.svelte';
import { fetchWords } from './words/book';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
/** Nothing is shown without its words; a line that is dead is tried again. */
const AGAIN_MS = 2000;
function begin(on: HTMLElement): void {
  fetchWords(settings.language).then(
    () => mount(App, { target: on }),
    () => setTimeout(begin, AGAIN_MS, on),
  );
}
watchComposition(document);
begin(target);
