import { example } from '../testing/example.ts';

export default example({
  found: (org) => {
    return [
      org.directory.resource('t', {
        type: 'trust',
        name: 'old.example',
        status: 'enabled',
        attributes: {
          direction: 'outbound',
          isWithinForest: false,
          isForest: false,
          filtersSids: false,
          delegatesTickets: false,
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
        delegatesTickets: false,
      },
    });
    org.directory.resource('u', {
      type: 'trust',
      status: 'enabled',
      attributes: { direction: 'both', isWithinForest: true, filtersSids: false },
    });
    org.directory.resource('v', {
      type: 'trust',
      status: 'enabled',
      attributes: { direction: 'inbound', isWithinForest: false, filtersSids: false },
    });
  },
  unknown: (org) => {
    org.directory.resource('t', {
      type: 'trust',
      status: 'enabled',
      attributes: { direction: 'outbound', isWithinForest: false, filtersSids: null },
    });
  },
});
