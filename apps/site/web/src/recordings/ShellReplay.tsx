import 'asciinema-player/dist/bundle/asciinema-player.css';
import { Notice, toProblem } from '@gatehouse/ui';
import { Group, SegmentedControl } from '@mantine/core';
import { create, type Player } from 'asciinema-player';
import { useEffect, useRef, useState } from 'react';
import classes from './Recording.module.css';
import { RecordingSearch } from './RecordingSearch.tsx';

const speeds = ['0.5', '1', '2', '4', '8'];

/** A recorded terminal, with its own controls, and a search that leads to the moment where the session has one (`id`). */
export function ShellReplay({ id, source }: { id?: string; source(): Promise<Response> }) {
  const box = useRef<HTMLDivElement>(null);
  const player = useRef<Player | null>(null);
  const [cast, setCast] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [speed, setSpeed] = useState('1');
  /** Where it goes on after the speed was changed. */
  const resume = useRef({ at: 0, isPlaying: false });

  useEffect(() => {
    source()
      .then((response) => response.text())
      .then(setCast, setError);
  }, [source]);

  useEffect(() => {
    const element = box.current;
    if (element === null || cast === null) return;
    const made = create({ data: cast }, element, {
      ...{ fit: 'width', controls: true, speed: Number(speed), theme: 'gatehouse', preload: true },
      terminalFontFamily: getComputedStyle(element).fontFamily,
    });
    player.current = made;
    const { at, isPlaying } = resume.current;
    if (at > 0) void made.seek(at).then(() => (isPlaying ? made.play() : undefined));
    made.addEventListener('playing', () => {
      resume.current.isPlaying = true;
    });
    for (const quiet of ['pause', 'ended'] as const)
      made.addEventListener(quiet, () => {
        resume.current.isPlaying = false;
      });
    return () => {
      resume.current.at = made.getCurrentTime();
      player.current = null;
      made.dispose();
    };
  }, [cast, speed]);

  const goTo = async (atMs: number) => {
    // A moment later, so that what was found is on the screen.
    await player.current?.seek(atMs / 1_000 + 0.1);
    box.current?.scrollIntoView({ block: 'nearest' });
  };
  const problem = error === null ? null : toProblem(error);
  return (
    <div className={classes.replay}>
      <div>
        {problem === null ? null : (
          <Notice tone="critical" title={problem.title} isUrgent>
            {problem.detail}
          </Notice>
        )}
        <div ref={box} className={classes.player} data-player />
        <Group gap="sm" mt="xs">
          <span className={classes.dim} id="replay-speed">
            Speed
          </span>
          <SegmentedControl
            size="xs"
            aria-labelledby="replay-speed"
            value={speed}
            onChange={setSpeed}
            data={speeds.map((value) => ({ value, label: `${value}×` }))}
          />
        </Group>
      </div>
      {id === undefined ? null : <RecordingSearch id={id} onGo={(atMs) => void goTo(atMs)} />}
    </div>
  );
}
