import type { Org } from '../../testing/world.ts';
import { certificatesOf } from './certificates.ts';

/** A domain with an authority of which the registry was read, for examples: harmless but for what is given. */
export const authorityOf = (org: Org) => {
  const services = certificatesOf(org);
  return {
    ...services,
    /** The authority behind an enrolment service, as `toAuthority` describes it. Answers its id. */
    authority: (service: string, settings: Readonly<Record<string, unknown>> = {}) =>
      services.place.policy(service, {
        ...{ type: 'certification_authority', name: 'CORP-CA' },
        settings: {
          ...{ isRead: true, host: 'ca.corp.example', name: 'CORP-CA', rights: [], areRightsWhole: true, agents: null },
          ...{ editFlags: 0x11_014e, takesSubjectsFromAttributes: false, issuesAtOnce: true, disabledExtensions: [] },
          ...{
            interfaceFlags: 0x641,
            takesRemoteRequests: true,
            requiresEncryptedRequests: true,
            separatesRoles: false,
          },
          // What an example gives is JSON.
          ...(settings as object),
        },
      }),
  };
};
