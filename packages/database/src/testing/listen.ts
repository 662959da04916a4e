import pg from 'pg';

/** Messages of a channel, as a program that listens hears them. */
export interface Listener {
  readonly heard: readonly string[];
  close(): Promise<void>;
}

export const listenTo = async (url: string, channel: string): Promise<Listener> => {
  const client = new pg.Client({ connectionString: url });
  const heard: string[] = [];
  client.on('notification', ({ payload = '' }) => void heard.push(payload));
  await client.connect();
  await client.query(`listen ${client.escapeIdentifier(channel)}`);
  return { heard, close: () => client.end() };
};
