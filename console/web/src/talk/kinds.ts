/** Which kinds are drawn without a bubble around them, because they have a shape of their own. */

import type { Message } from '../desk/rows';
import { cardOf } from '../desk/line';
import { pictureAddress, playableAddress } from './pictures';

export function isBare(message: Message): boolean {
  switch (message.kind) {
    case 'image':
      return pictureAddress(message) !== null;
    case 'video':
      return playableAddress(message) !== null;
    case 'sticker':
    case 'location':
      return message.quoted_seq === null;
    case 'template':
    case 'imagemap':
      return true;
    default:
      return cardOf(message.content) !== null;
  }
}
