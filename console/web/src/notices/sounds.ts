/**
 * Short sounds, made here by WebAudio: no file to load. A browser lets a page sound only after
 * somebody has touched it; before, nothing is tried, so that nothing is refused.
 */

import type { SoundName } from './rules';

interface Tone {
  hertz: number;
  at: number;
  lasts: number;
  shape: OscillatorType;
}

/** Each under half a second; told apart also by those who hear high tones badly. */
const SOUNDS: Record<Exclude<SoundName, 'off'>, Tone[]> = {
  bell: [
    { hertz: 880, at: 0, lasts: 0.45, shape: 'sine' },
    { hertz: 1760, at: 0, lasts: 0.2, shape: 'sine' },
  ],
  wood: [
    { hertz: 392, at: 0, lasts: 0.09, shape: 'triangle' },
    { hertz: 523, at: 0.11, lasts: 0.12, shape: 'triangle' },
  ],
  two: [
    { hertz: 587, at: 0, lasts: 0.16, shape: 'sine' },
    { hertz: 784, at: 0.17, lasts: 0.25, shape: 'sine' },
  ],
};
const APART_MS = 2000;
const LOUDEST = 0.35;

let context: AudioContext | null = null;
let lastAt = -Infinity;

/** Whether the browser lets this page sound. */
export const maySound = (): boolean => navigator.userActivation?.hasBeenActive ?? context !== null;

/** Sound once; many at the same time sound as one. Answers whether it did. */
export async function play(name: SoundName, volume: number, isTest = false): Promise<boolean> {
  if (name === 'off' || volume === 0 || !maySound()) return false;
  const now = performance.now();
  if (!isTest && now - lastAt < APART_MS) return true;
  lastAt = now;
  context ??= new AudioContext();
  if (context.state !== 'running') await context.resume().catch(() => null);
  if (context.state !== 'running') return false;
  for (const tone of SOUNDS[name]) sound(context, tone, (volume / 100) ** 2 * LOUDEST);
  return true;
}

function sound(audio: AudioContext, tone: Tone, loudness: number): void {
  const [begins, oscillator, gain] = [
    audio.currentTime + tone.at,
    audio.createOscillator(),
    audio.createGain(),
  ];
  oscillator.type = tone.shape;
  oscillator.frequency.value = tone.hertz;
  gain.gain.setValueAtTime(0, begins);
  gain.gain.linearRampToValueAtTime(loudness, begins + 0.012);
  gain.gain.exponentialRampToValueAtTime(0.0001, begins + tone.lasts);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(begins);
  oscillator.stop(begins + tone.lasts + 0.02);
}
