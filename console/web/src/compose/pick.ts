/** Which files may be attached, told before one is sent anywhere. The server looks again. */

import { c } from './words';

export const MOST_BYTES = 20_000_000;
export const MOST_ATTACHED = 10;
export const ENDINGS = [
  '.jpg', '.jpeg', '.png', '.gif', '.webp', '.mp4', '.m4a', '.pdf', '.docx', '.xlsx', '.pptx', '.txt', '.csv',
];
export const ACCEPT = ENDINGS.join(',');

/** Why a file cannot be sent; null when it may. */
export function refusalOf(file: { name: string; size: number }): string | null {
  if (file.size === 0) return c('attach.empty');
  if (file.size > MOST_BYTES) return c('attach.too_large');
  const ending = /\.[^.]+$/.exec(file.name.toLowerCase())?.[0] ?? '';
  return ENDINGS.includes(ending) ? null : c('attach.bad_kind');
}

/** What a paste brings that is to be attached: files, unless words come with them. */
export function filesOf(data: DataTransfer | null): File[] {
  if (data === null) return [];
  const hasWords = data.types.includes('text/plain') && data.getData('text/plain').trim() !== '';
  return hasWords ? [] : [...data.files];
}

export const isPicture = (name: string) => /\.(jpe?g|png|gif|webp)$/i.test(name);
