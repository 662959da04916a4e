import { expect, test } from 'vitest';
import { attributesOf, desktopAddress, readAction, scriptExtension, writeScript } from './index.ts';

const read = (text: string) => {
  const action = readAction(new URLSearchParams(text));
  if (!('action' in action)) throw new Error(JSON.stringify(action));
  return action;
};
const wrong = (text: string) => {
  const action = readAction(new URLSearchParams(text));
  return 'action' in action ? [] : action.map(({ field }) => field);
};

test('a file has a line for each action, whatever is in it', () => {
  const one = read(
    "action=start_jump_item_session&search_string=Ann's+PC+(1)*&jump.method=pinned&session.custom.external_key=A%26B%3D1&type=rep&operation=generate",
  );
  expect(writeScript([{ action: 'login', parameters: {} }, one])).toBe(
    'BRCS1.0\naction=login\n' +
      'action=start_jump_item_session&search_string=Ann%27s%20PC%20%281%29%2A&jump.method=pinned&session.custom.external_key=A%26B%3D1\n',
  );
  expect(attributesOf(one)).toEqual({ external_key: 'A&B=1' });
  expect(() => writeScript(Array.from({ length: 11 }, () => one))).toThrow('1 to 10');
  expect(() => writeScript([])).toThrow('1 to 10');
});

test('an address is read as what it was made of', () => {
  const one = read(
    'action=start_pinned_client_session&client.hostname=web%2B1&session.custom.asset=%C3%84rger+%26+more',
  );
  const address = new URL(desktopAddress('https://site.example/login?x', one));
  expect(`${address.origin}${address.pathname}`).toBe('https://site.example/api/client_script');
  expect(readAction(address.searchParams)).toEqual(one);
});

test.each([
  ['', ['action']],
  ['action=toString', ['action']],
  ['action=start_jump_item_session', ['search_string']],
  ['action=start_jump_item_session&search_string=a&jump.method=teleport', ['jump.method']],
  ['action=start_jump_item_session&search_string=a&host=b', ['host']],
  [`action=start_jump_item_session&client.tag=${'a'.repeat(256)}`, ['client.tag']],
  ['action=start_jump_item_session&search_string=a%0Aaction%3Dlogin', ['search_string']],
  ['action=start_rdp_session', ['target']],
  [`action=login&${Array.from({ length: 31 }, (_, at) => `session.custom.f${at}=x`).join('&')}`, ['session.custom']],
])('%s is no action, and says by which parameter', (text, fields) => {
  expect(wrong(text)).toEqual(fields);
});

test('a console knows its files by the name of the site', () => {
  expect(scriptExtension('Acme & Söhne')).toBe('brcs-acmeshne');
  expect(scriptExtension('…')).toBe('brcs-site');
});
