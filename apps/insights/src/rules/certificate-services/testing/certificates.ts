import { domainOf } from '../../active-directory/testing/domain.ts';
import type { Org } from '../../testing/world.ts';

/** A domain with an enrolment service that everybody may ask, for examples of rules about certificates. */
export const certificatesOf = (org: Org) => {
  const domain = domainOf(org);
  const { place, may } = domain;
  let services = 0;
  return {
    ...domain,
    /** A template as `toTemplate` describes it: harmless but for what is given. Answers its id. */
    template: (cn: string, attributes: Readonly<Record<string, unknown>> = {}) =>
      place.resource(`template-${cn}`, {
        ...{ type: 'certificate_template', name: cn },
        attributes: {
          ...{ cn, schemaVersion: 2, purposes: ['1.3.6.1.5.5.7.3.2'], suppliesSubject: false, needsApproval: false },
          ...{
            signatures: 0,
            agentPolicies: [],
            issuancePolicies: [],
            hasNoSecurityExtension: false,
            authenticates: true,
          },
          ...{ isAnyPurpose: false, isAgent: false, isServer: false, takesAgents: false },
          ...{ needsDnsName: false, needsEmail: false },
          // What an example gives is JSON.
          ...(attributes as object),
        },
      }),
    /** An enrolment service that issues from these templates and counts in the domain. */
    publish: (...templates: string[]) => {
      const id = place.resource(`service-${++services}`, {
        ...{ type: 'enrollment_service', name: 'CORP-CA' },
        attributes: { cn: 'CORP-CA', host: 'ca.corp.example', templates, isInNtAuth: true, hasTrustedRoot: true },
      });
      may('S-1-5-11', 'Enroll', id);
      return id;
    },
    mayEnroll: (principal: string, template: string) => may(principal, 'Enroll', template),
  };
};
