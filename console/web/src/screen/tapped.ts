/** What a customer tapped, in the words of the button: the tap itself carries only its data. */

import { offersOf, postbackData } from '../desk/line';
import type { Message } from '../desk/rows';
import type { Talk } from '../desk/shelf';

export function tappedLabel(message: Message, talk: Talk | undefined): string | null {
  if (message.text) return message.text;
  const data = postbackData(message);
  if (data === null || talk === undefined) return null;
  const earlier = [...talk.messages.values()]
    .map((stamped) => stamped.row)
    .filter((row) => row.sender === 'bot' && row.seq < message.seq)
    .sort((a, b) => b.seq - a.seq);
  const offers = earlier.flatMap((row) => offersOf(row.content));
  return offers.find((offer) => offer.data === data)?.label ?? null;
}
