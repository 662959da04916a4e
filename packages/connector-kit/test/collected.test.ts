import { Fault } from '@gatehouse/kernel';
import { afterEach, describe, expect, test } from 'vitest';
import { type AnyConnector, collectedStream, MoreToCome, withCollected } from '../src/index.ts';
import { acme } from './acme.ts';
import { account, accountsBy, closeAll, setUp } from './workbench.ts';

afterEach(closeAll);

const plugin: AnyConnector = { ...acme, id: 'plugin', name: 'Plugin', collected: 'only' };
const agent: AnyConnector = { ...acme, id: 'agent', name: 'Agent', agent: { program: 'collector' }, streams: {} };

describe('a connector with an agent', () => {
  test('has the streams of every connector that its agent runs, under names that cannot meet', () => {
    const [offered, kept] = withCollected([agent, plugin]);
    expect(kept).toBe(plugin);
    const names = Object.keys(plugin.streams).map((id) => collectedStream('plugin', id));
    expect(Object.keys(offered?.streams ?? {})).toEqual(names);
    const { accounts } = plugin.streams;
    expect(offered?.streams['plugin-accounts']).toMatchObject({
      ...{ record: 'accounts', title: `Plugin: ${accounts?.title}`, needs: accounts?.needs },
      reading: { mode: 'delta', fullEveryMs: Number.POSITIVE_INFINITY },
    });
  });

  test('cannot be asked directly', () => {
    const [offered] = withCollected([agent, plugin]);
    expect(() => offered?.connect({} as never, {} as never)).toThrow(Fault);
  });
});

test('a read whose system has more to come keeps what it committed, fails nothing and deletes nothing', async () => {
  const { run, store } = await setUp();
  store.place('accounts', {}, [account('old')]);
  const reading = { mode: 'delta', fullEveryMs: Number.POSITIVE_INFINITY } as const;
  const outcome = await run(
    ['accounts'],
    accountsBy(async function* () {
      yield { records: [account('new')], cursor: '1' };
      throw new MoreToCome();
    }, reading),
  );
  expect(outcome.streams[0]).toMatchObject({ state: 'done', health: 'connected', wasFull: false, records: 1 });
  expect(store.calls.map(({ call }) => call)).toEqual(['begin', 'save']);
  const rest = await run(
    ['accounts'],
    accountsBy(async function* (_http, from) {
      expect(from).toBe('1');
      yield { records: [account('newer')], cursor: '2' };
    }, reading),
  );
  expect(rest.streams[0]).toMatchObject({ wasFull: true, counts: { gone: 1 } });
});
