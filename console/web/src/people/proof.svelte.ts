/** Grave changes ask for the password once more: `withProof` asks when the server does. */

import { Refusal } from '../desk/api';

interface Asked {
  done: (isProved: boolean) => void;
}

export const proof: { asked: Asked | null } = $state({ asked: null });

/** Whoever was asked for the password thought better of it: nothing was done. */
export class NotProved extends Error {}

/** Do it; when the password is asked for, ask, and do it again. Throws NotProved. */
export async function withProof<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'prove_again') throw error;
  }
  const isProved = await new Promise<boolean>((done) => (proof.asked = { done }));
  proof.asked = null;
  if (!isProved) throw new NotProved();
  return work();
}
