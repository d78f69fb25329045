import './look/tokens.css';
import './look/base.css';
import './look/page.css';
import './look/table.css';
import { mount } from 'svelte';
import App from './App.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target });
