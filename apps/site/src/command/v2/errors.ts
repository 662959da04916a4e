import { ConfigurationError } from '../../configuration/index.ts';
import { attributeLimits } from '../../support/index.ts';

export const tooManyFields = () =>
  new ConfigurationError(400, `Name at most ${attributeLimits.atOnce} attributes at once.`);
