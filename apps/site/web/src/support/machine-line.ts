import { MachineHeard } from '../../../src/api/jump-clients.ts';
import type { Screen } from '../console/session-line.ts';
import type { TerminalLine } from '../console/Terminal.tsx';

export interface MachineState {
  readonly link: 'connecting' | 'open' | 'over';
  readonly isRecorded: boolean;
  /** Why it is over. */
  readonly reason: string;
}

/** The browser's end of one shell of a machine: it lives as long as this does. */
export interface MachineLine extends TerminalLine {
  close(): void;
}

/** What a terminal that is not there yet is kept. */
const mostPending = 4_000_000;
const first = { columns: 120, rows: 32 } as const;

export const openMachineLine = (lsid: string, changed: (state: MachineState) => void): MachineLine => {
  const url = new URL(`/api/support/sessions/${lsid}/machine/shell`, location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  url.search = new URLSearchParams({ columns: String(first.columns), rows: String(first.rows) }).toString();
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  let state: MachineState = { link: 'connecting', isRecorded: false, reason: '' };
  let screen: Screen | null = null;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  const set = (change: Partial<MachineState>) => {
    if (state.link === 'over') return;
    state = { ...state, ...change };
    changed(state);
  };
  socket.onmessage = ({ data }) => {
    if (typeof data !== 'string') {
      const bytes = new Uint8Array(data);
      if (screen !== null) return screen.write(bytes);
      pendingBytes += bytes.length;
      if (pendingBytes > mostPending) return socket.close();
      return void pending.push(bytes);
    }
    const heard = MachineHeard.parse(JSON.parse(data));
    if (heard.type === 'open') set({ link: 'open', isRecorded: heard.isRecorded });
    else set({ link: 'over', reason: heard.reason });
  };
  socket.onclose = () => set({ link: 'over', reason: 'The connection to the site was lost.' });
  const isOpen = () => socket.readyState === WebSocket.OPEN;
  return {
    type(bytes) {
      if (isOpen()) socket.send(bytes);
    },
    resize(columns, rows) {
      if (isOpen()) socket.send(JSON.stringify({ type: 'resize', columns, rows }));
    },
    draw(on) {
      screen = on;
      on.begin(first.columns, first.rows);
      for (const bytes of pending) on.write(bytes);
      pending = [];
      pendingBytes = 0;
      return () => {
        screen = null;
      };
    },
    close() {
      state = { ...state, link: 'over' };
      socket.close();
    },
  };
};
