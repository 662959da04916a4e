import { until } from '@gatehouse/site/testing';
import type { DeskOptions } from '../start.ts';
import { type Appliance, dialects, openAppliance, openSender, type Sender } from './appliance/index.ts';
import { type Connected, connectDesk } from './connected-desk.ts';
import { type TestDesk, testDesk } from './test-desk.ts';

/** The desk program with its own desk, and an appliance that is not ours and tells it of sessions. */
export interface ForeignDesk extends Connected {
  readonly desk: TestDesk;
  readonly appliance: Appliance;
  readonly sender: Sender;
  /** Waits until a case has so many notes, and the session has nothing left to be done at once. */
  written(number: string, count?: number): Promise<unknown>;
  /** A session of a case that was started from it, and is over. */
  session(
    of?: Parameters<Appliance['begin']>[0],
  ): Promise<{ readonly number: string; readonly one: ReturnType<Appliance['begin']> }>;
  close(): Promise<void>;
}

export const foreignDesk = async (
  of: {
    readonly dialect?: Parameters<typeof openAppliance>[0];
    readonly sender?: Parameters<typeof openSender>[1];
    readonly connection?: object;
    readonly options?: Partial<DeskOptions>;
  } = {},
): Promise<ForeignDesk> => {
  const appliance = await openAppliance(of.dialect ?? dialects[0]);
  const desk = await testDesk({ workMs: 50, reconcileMs: 3_600_000, ...of.options });
  const connected = await connectDesk(desk, { url: appliance.url, ...appliance.account }, of.connection);
  const sender = openSender(connected.eventsUrl, of.sender);
  return {
    ...{ desk, appliance, sender, ...connected },
    written: (number, count = 1) =>
      until(
        async () => (await connected.notes(number)).length >= count,
        async () => desk.log.slice(-20),
      ),
    async session(given = {}) {
      const { number } = await desk.makeCase();
      await connected.key(number);
      const one = appliance.begin({ externalKey: number, ...given });
      appliance.end(one);
      return { number, one };
    },
    async close() {
      await sender.stop();
      await desk.close();
      await appliance.close();
    },
  };
};
