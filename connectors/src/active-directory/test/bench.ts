import { type Outcome, runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore, type MemoryStore } from '@gatehouse/connector-kit/testing';
import { createHost, type HostOptions } from '@gatehouse/host';
import { activeDirectory } from '../active-directory.ts';
import { type ControllerOptions, type Directory, type FakeController, openController } from '../fake/index.ts';

/** The connector, a controller to read, and what a run stored. */
export interface Bench extends AsyncDisposable {
  readonly controller: FakeController;
  readonly store: MemoryStore;
  run(
    streams?: readonly string[],
    more?: { readonly store?: MemoryStore; readonly signal?: AbortSignal },
  ): Promise<Outcome>;
}

export const settingsFor = (controller: FakeController) => ({
  // Its certificate is for the address, too.
  controllers: controller.ldaps.replace(controller.host, '127.0.0.1'),
  bindName: controller.account.names[0],
  password: controller.account.password,
  certificateAuthorities: controller.certificateAuthority,
});

export const openBench = async (
  directory: Directory,
  options?: ControllerOptions,
  /** What the host has beside the network. */
  nearby: Pick<HostOptions, 'files' | 'registry'> = {},
): Promise<Bench> => {
  const controller = await openController(directory, options);
  const store = createMemoryStore();
  return {
    controller,
    store,
    run: (streams, { store: other = store, signal = new AbortController().signal } = {}) =>
      runStreams({
        ...{
          connector: activeDirectory,
          settings: settingsFor(controller),
          host: createHost({ signal, ...nearby }),
          store: other,
        },
        ...(streams && { streams }),
      }),
    [Symbol.asyncDispose]: () => controller[Symbol.asyncDispose](),
  };
};
