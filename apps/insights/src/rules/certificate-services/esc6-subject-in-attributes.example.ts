import { example } from '../testing/example.ts';
import { authorityOf } from './testing/authority.ts';

const taking = { editFlags: 0x15_014e, takesSubjectsFromAttributes: true };

export default example({
  found: (org) => {
    const { template, publish, mayEnroll, authority } = authorityOf(org);
    mayEnroll('S-1-5-11', template('User'));
    return [authority(publish('User'), taking)];
  },
  clear: (org) => {
    const { template, publish, mayEnroll, authority, domainAdmin } = authorityOf(org);
    mayEnroll('S-1-5-11', template('User'));
    mayEnroll('S-1-5-11', template('Server', { authenticates: false }));
    mayEnroll(domainAdmin, template('Guarded'));
    authority(publish('User'), {});
    authority(publish('User'), { ...taking, issuesAtOnce: false });
    mayEnroll('S-1-5-11', template('Approved', { needsApproval: true }));
    authority(publish('Server', 'Guarded', 'Approved'), taking);
  },
  unknown: (org) => {
    const { template, publish, mayEnroll, authority } = authorityOf(org);
    mayEnroll('S-1-5-11', template('User'));
    authority(publish('User'), {
      isRead: false,
      editFlags: null,
      takesSubjectsFromAttributes: null,
      issuesAtOnce: null,
    });
    publish('User');
  },
});
