/** The moment, as the screen shows it: once a second, by the server's clock. */

import { Clock } from '../desk/time';
import { settings } from './settings.svelte';

let skewMs = 0;
let zone = $state('Asia/Tokyo');
let second = $state(Date.now());
const clocks = $derived(new Clock(zone, settings.language));

/** Now, as a value that the screen follows. */
export const now = (): number => second;

/** Times in the organisation's zone and the operator's language. */
export const clock = (): Clock => clocks;

/** What the server says of the time and its zone. */
export function setTime(timezone: string, serverTime: string): void {
  zone = timezone;
  skewMs = Date.parse(serverTime) - Date.now();
  second = Date.now() + skewMs;
}

export function startTicking(): () => void {
  const timer = setInterval(() => (second = Date.now() + skewMs), 1000);
  return () => clearInterval(timer);
}
