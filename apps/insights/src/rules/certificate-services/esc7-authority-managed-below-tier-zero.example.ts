import { example } from '../testing/example.ts';
import { authorityOf } from './testing/authority.ts';

const held = (trustee: string, right: string, isCertain = true) => ({ trustee, right, isCertain });
const helpDesk = 'S-1-5-21-1-2-3-1101';

export default example({
  found: (org) => {
    const { publish, authority } = authorityOf(org);
    return [
      authority(publish(), { rights: [held(helpDesk, 'ManageCertificates'), held('S-1-5-32-544', 'ManageCA')] }),
      authority(publish(), { rights: [held('S-1-5-11', 'ManageCA')], areRightsWhole: false }),
    ];
  },
  clear: (org) => {
    const { publish, authority, domainAdmins } = authorityOf(org);
    authority(publish(), {
      rights: [held('S-1-5-32-544', 'ManageCA'), held(domainAdmins, 'ManageCertificates'), held('S-1-5-11', 'Enroll')],
    });
  },
  unknown: (org) => {
    const { publish, authority } = authorityOf(org);
    authority(publish(), { isRead: false, rights: null, areRightsWhole: false });
    authority(publish(), { rights: [held(helpDesk, 'ManageCA', false)] });
  },
});
