import { asFault, redact } from '@gatehouse/host';
import { Fault, toFault } from '@gatehouse/kernel';
import type { Stream } from './connector.ts';

/** The Fault behind whatever a connector threw, an error of the vendor's SDK included. */
export const faultFrom = (error: unknown, system: string): Fault => {
  const fault = asFault(error, system);
  if (fault !== null) return fault;
  const { kind, advice } = toFault(error);
  const words = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
  return new Fault(kind, advice, redact(words), { cause: error });
};

/** The same for one stream: what is forbidden names the permission that is missing. */
export const streamFault = (error: unknown, system: string, stream: Stream<unknown>): Fault => {
  const fault = faultFrom(error, system);
  if (fault.kind !== 'forbidden') return fault;
  return new Fault('forbidden', forbiddenAdvice(stream), fault.detail, { cause: fault });
};

const forbiddenAdvice = ({ title, needs }: Stream<unknown>) => `${title} cannot be read: grant ${needs}.`;
