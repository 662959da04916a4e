import { ingestPaths, Registered, type Registration, refusals } from '@gatehouse/connector-kit/ingest';
import { createHost } from '@gatehouse/host';
import { publicHalf } from '@gatehouse/host/agent';
import { Fault, type Secret } from '@gatehouse/kernel';
import { device } from '../device.ts';
import { bodyOf, httpOptions, isOk, readAnswer, type Way } from '../sending/index.ts';
import { version } from '../version.ts';

/** Exchanges the installation key, which works once, for the right to sign with the device key. @throws Fault */
export const register = async (
  server: Way,
  installationKey: Secret,
  deviceKey: Secret,
  signal: AbortSignal,
): Promise<Registered> => {
  const http = createHost({ signal, attempts: 1 }).http(httpOptions(server));
  const registration: Registration = {
    ...{ installationKey: installationKey.reveal().trim(), publicKey: publicHalf(deviceKey) },
    ...{ ...device(), version },
  };
  const answer = await readAnswer(
    await http.fetch(ingestPaths.register, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(registration),
    }),
  );
  const registered = isOk(answer) ? bodyOf(answer, Registered) : null;
  if (registered !== null) return registered;
  const { status, code, detail } = answer;
  if (code === refusals.key) throw new Fault('unauthorized', usedUp);
  if (status === 404 || code === null)
    throw new Fault('misconfigured', `At ${server.url} no Gatehouse answers (${status}). Check the address.`);
  throw new Fault('unexpected', detail ?? `The server answers ${status}.`);
};

const usedUp =
  'The server does not take this installation key: it was used already, has expired, or is mistyped. Make a new one on the page of the connector.';
