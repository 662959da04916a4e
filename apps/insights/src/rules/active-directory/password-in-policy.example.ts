import { example } from '../testing/example.ts';

const files = { isRead: true, unread: [], logons: [] };

export default example({
  found: ({ directory }) => {
    const groups = 'Machine/Preferences/Groups/Groups.xml';
    const logons = [
      { account: 'Administrator', changedOn: '2013-07-04', file: groups },
      { account: null, changedOn: null, file: groups },
    ];
    // Also where another file could not be read.
    return [
      directory.policy('p1', { type: 'group_policy', name: 'Clients', settings: { ...files, logons } }),
      directory.policy('p2', {
        type: 'group_policy',
        name: 'Servers',
        settings: { ...files, logons, unread: ['Machine/Registry.pol'] },
      }),
    ];
  },
  clear: ({ directory }) => {
    directory.policy('p1', { type: 'group_policy', name: 'Clients', settings: files });
  },
  unknown: ({ directory }) => {
    directory.policy('p1', { type: 'group_policy', settings: { isRead: false } });
    directory.policy('p2', {
      type: 'group_policy',
      settings: { ...files, unread: ['User/Preferences/Drives/Drives.xml'] },
    });
    directory.policy('p3', { type: 'group_policy', settings: { truncated: true } });
  },
});
