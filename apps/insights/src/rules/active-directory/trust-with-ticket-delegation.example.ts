import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    return [
      org.directory.resource('t', {
        type: 'trust',
        name: 'old.example',
        status: 'enabled',
        attributes: {
          direction: 'both',
          isWithinForest: false,
          isForest: true,
          filtersSids: true,
          delegatesTickets: true,
        },
      }),
    ];
  },
  clear: (org) => {
    org.directory.resource('t', {
      type: 'trust',
      status: 'enabled',
      attributes: {
        direction: 'outbound',
        isWithinForest: false,
        isForest: false,
        filtersSids: true,
        delegatesTickets: true,
      },
    });
    org.directory.resource('u', {
      type: 'trust',
      status: 'enabled',
      attributes: { direction: 'both', isWithinForest: false, filtersSids: true, delegatesTickets: false },
    });
  },
  unknown: (org) => {
    org.directory.resource('t', {
      type: 'trust',
      status: 'enabled',
      attributes: { direction: 'both', isWithinForest: null, filtersSids: null },
    });
  },
});
