import { expect, test } from 'vitest';
import { Refusal } from '../src/desk/api';
import { NotProved, proof, withProof } from '../src/people/proof.svelte';

const PROVE_AGAIN = new Refusal(403, 'prove_again', '');

/** Refused until the password was said. */
function aGraveChange() {
  const tries: string[] = [];
  return {
    tries,
    work: async () => {
      tries.push('try');
      if (tries.length === 1) throw PROVE_AGAIN;
      return 'done';
    },
  };
}

test('a grave change asks for the password once, and then goes on by itself', async () => {
  const { tries, work } = aGraveChange();
  const result = withProof(work);
  await Promise.resolve();
  await Promise.resolve();
  proof.asked?.done(true);

  expect(await result).toBe('done');
  expect(tries).toHaveLength(2);
  expect(proof.asked).toBeNull();
});

test('whoever gives up has done nothing', async () => {
  const { tries, work } = aGraveChange();
  const result = withProof(work);
  await Promise.resolve();
  await Promise.resolve();
  proof.asked?.done(false);

  await expect(result).rejects.toBeInstanceOf(NotProved);
  expect(tries).toHaveLength(1);
});

test('what is refused for another reason asks for nothing', async () => {
  const refused = new Refusal(409, 'last_manager', '');

  await expect(withProof(() => Promise.reject(refused))).rejects.toBe(refused);
  expect(proof.asked).toBeNull();
});
