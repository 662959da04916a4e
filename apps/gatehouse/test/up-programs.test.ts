import { expect, test } from 'vitest';
import { choose, chooseApps, choosePorts, databaseBeside } from '../src/up/programs.ts';

test('programs are chosen by name; what is none, and an ecm with nothing to stand between, is refused by the flag', () => {
  expect([...choose(undefined)]).toEqual(['insights', 'site', 'vault', 'desk', 'ecm']);
  expect([...choose('vault, insights')]).toEqual(['insights', 'vault']);
  for (const wrong of ['', 'lab', 'insights,lab', 'ecm', 'ecm,site']) expect(() => choose(wrong)).toThrow('--only');
});

test('the other programs are as far from insights as by themselves, and free ones are taken for 0', async () => {
  expect(await choosePorts('8400', true)).toEqual({
    ...{ insights: 8_400, site: 8_410, vault: 8_420, desk: 8_430, welcome: 8_401 },
  });
  expect(await choosePorts('9000', true)).toEqual({
    ...{ insights: 9_000, site: 9_010, vault: 9_020, desk: 9_030, welcome: 9_001 },
  });
  const free = Object.values(await choosePorts('0', true));
  expect(new Set(free).size).toBe(5);
  expect(Math.min(...free)).toBeGreaterThan(0);
  expect((await choosePorts('65535', false)).insights).toBe(65_535);
  for (const wrong of ['', 'x', '-1', '65530', '80.5'])
    await expect(choosePorts(wrong, true)).rejects.toThrow('--port');
});

test('with your own PostgreSQL each program has a database of its own', () => {
  const url = 'postgres://me:secret@db.example:5433/gatehouse?sslmode=require';
  expect(databaseBeside(url, 'insights')).toBe(url);
  expect(databaseBeside(url, 'vault')).toBe('postgres://me:secret@db.example:5433/gatehouse_vault?sslmode=require');
});

test('what is set for the Apps menu joins the programs beside, wins over one with its id, and is refused by the flag', () => {
  const [site, vault] = [
    { id: 'site', name: 'Remote access', url: 'http://127.0.0.1:8410' },
    { id: 'vault', name: 'Vault', url: 'http://127.0.0.1:8420' },
  ];
  expect(chooseApps(undefined, [site, vault])).toEqual([site, vault]);
  const desk = { id: 'desk', name: 'Desk', url: 'https://desk.example' };
  const elsewhere = { id: 'vault', name: 'Safe', url: 'https://safe.example' };
  expect(chooseApps(JSON.stringify([elsewhere, desk]), [site, vault])).toEqual([site, elsewhere, desk]);
  for (const wrong of ['desk', '[', 'desk=Desk=ftp://desk.example'])
    expect(() => chooseApps(wrong, [])).toThrow('--apps');
});
