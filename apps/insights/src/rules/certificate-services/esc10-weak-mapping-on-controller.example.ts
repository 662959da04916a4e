import { controllerOf } from '../active-directory/testing/controller.ts';
import { example } from '../testing/example.ts';

export default example({
  found: (org) => [
    controllerOf(org, { StrongCertificateBindingEnforcement: 0, CertificateMappingMethods: 0x18 }),
    controllerOf(org, { CertificateMappingMethods: 0x1f }, { name: 'DC2' }),
    // One of the two is enough.
    controllerOf(
      org,
      { CertificateMappingMethods: 4 },
      { name: 'DC3', unknown: ['StrongCertificateBindingEnforcement'] },
    ),
  ],
  clear: (org) => {
    controllerOf(org, { StrongCertificateBindingEnforcement: 2, CertificateMappingMethods: 0x18 });
    controllerOf(org, {}, { name: 'DC2' });
    controllerOf(org, { StrongCertificateBindingEnforcement: 1 }, { name: 'DC3' });
  },
  unknown: (org) => {
    controllerOf(org, {}, { unknown: ['StrongCertificateBindingEnforcement'] });
    controllerOf(org, {}, { name: 'DC2', unknown: ['CertificateMappingMethods'] });
  },
});
