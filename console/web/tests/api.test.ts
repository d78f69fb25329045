import { expect, test } from 'vitest';
import { Api, Refusal, Unreachable } from '../src/desk/api';

function anApi(status: number, body: unknown = {}) {
  const calls: { address: string; init: RequestInit }[] = [];
  const api = new Api((address, init) => {
    calls.push({ address: String(address), init: init! });
    const text = status === 204 ? null : JSON.stringify(body);
    return Promise.resolve(new Response(text, { status }));
  });
  api.csrfToken = 'token';
  return { api, calls };
}

test('changes carry the CSRF token, readings do not', async () => {
  const { api, calls } = anApi(200);
  await api.take('c/1', 4);
  await api.detail('c1');

  expect(calls[0]!.address).toBe('/api/v1/conversations/c%2F1/take');
  expect(calls[0]!.init.headers).toMatchObject({ 'X-CSRF-Token': 'token' });
  expect(calls[1]!.init.headers).not.toHaveProperty('X-CSRF-Token');
});

test('goes on in the session that another page has begun, and asks for it once', async () => {
  const tokens: (string | undefined)[] = [];
  const api = new Api((_address, init) => {
    const token = (init!.headers as Record<string, string>)['X-CSRF-Token'];
    tokens.push(token);
    const refused = { error: { code: 'csrf', message: '' } };
    const isRight = token === 'second';
    return Promise.resolve(
      new Response(JSON.stringify(isRight ? {} : refused), { status: isRight ? 200 : 403 }),
    );
  });
  api.csrfToken = 'first';
  await expect(api.take('c1', 1)).rejects.toMatchObject({ code: 'csrf' });

  api.onNewSession = () => Promise.resolve(true);
  await expect(api.take('c1', 1)).rejects.toMatchObject({ code: 'csrf' });
  api.onNewSession = () => {
    api.csrfToken = 'second';
    return Promise.resolve(true);
  };
  await api.take('c1', 1);

  expect(tokens).toEqual(['first', 'first', 'first', 'second']);
});

test('every request names the language that the screen is in', async () => {
  const { api, calls } = anApi(200);
  let language = 'ja';
  api.speaks = () => language;
  await api.detail('c1');
  language = 'en';
  await api.take('c1', 1);

  expect(calls[0]!.init.headers).toMatchObject({ 'Accept-Language': 'ja' });
  expect(calls[1]!.init.headers).toMatchObject({ 'Accept-Language': 'en' });
});

test('a refusal has its code and its details', async () => {
  const error = { code: 'lost_race', message: '先に', details: { conversation: { id: 'c1' } } };
  const { api } = anApi(409, { error });

  const refusal = await api.take('c1', 1).catch((caught: unknown) => caught);

  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal).toMatchObject({ status: 409, code: 'lost_race', details: error.details });
});

test('a server in trouble is worth another try; an answer that is no JSON is still a refusal', async () => {
  await expect(anApi(503).api.session()).rejects.toBeInstanceOf(Unreachable);
  await expect(anApi(413, null).api.session()).rejects.toMatchObject({ code: 'http_413' });
});

test('a session that has ended is told once, and not by the question whether there is one', async () => {
  const { api } = anApi(401);
  let told = 0;
  api.onSignedOut = () => (told += 1);

  await api.session().catch(() => null);
  expect(told).toBe(0);
  await api.detail('c1').catch(() => null);
  expect(told).toBe(1);
});

test('only what is asked for stands in the address', async () => {
  const { api, calls } = anApi(200);
  await api.list({ view: 'waiting', account: null, queue: '', tag: 'VIP&', cursor: null });

  expect(calls[0]!.address).toBe('/api/v1/conversations?view=waiting&tag=VIP%26');
});
