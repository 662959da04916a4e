import type { RecordKind } from '@gatehouse/connector-kit';

/** A stream that a connector can read, as rules and derivations need to know it. */
export interface CataloguedStream {
  readonly stream: string;
  readonly record: RecordKind;
  /** What people call it: "Users". */
  readonly title: string;
  /** The permission that lets it be read. */
  readonly needs: string;
  /** The connector that an agent reads it with; an agent may have some of them and not the others. */
  readonly plugin?: string;
}

/** The streams of every connector, by connector id. Made from the registry of connectors by the composition. */
export type StreamCatalogue = ReadonlyMap<string, readonly CataloguedStream[]>;

interface Described {
  readonly id: string;
  readonly streams: Readonly<Record<string, Omit<CataloguedStream, 'stream'>>>;
}

export const toCatalogue = (connectors: readonly Described[]): StreamCatalogue =>
  new Map(
    connectors.map(({ id, streams }) => [
      id,
      Object.entries(streams).map(([stream, { record, title, needs, plugin }]) => ({
        ...{ stream, record, title, needs },
        ...(plugin !== undefined && { plugin }),
      })),
    ]),
  );
