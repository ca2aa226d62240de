import {Box, type Key, Static, useApp, useIsScreenReaderEnabled, useWindowSize} from 'ink';
import {type ReactNode, use, useCallback, useState, useSyncExternalStore} from 'react';
import {Frame} from '../../components/Frame.tsx';
import {Line} from '../../components/Line.tsx';
import {KeysAllowed, useKeys} from '../../components/use-keys.ts';
import {exitCode} from '../walk/inspect.ts';
import type {Walk} from '../walk/walk.ts';
import {Asking} from './Asking.tsx';
import {Changed} from './Changed.tsx';
import {Confirming} from './Confirming.tsx';
import {Deciding} from './Deciding.tsx';
import type {Desk} from './desk.ts';
import type {Inside} from './door.ts';
import {Finished} from './Finished.tsx';
import {Help} from './Help.tsx';
import {Inspecting} from './Inspecting.tsx';
import {Performing} from './Performing.tsx';
import {Printed} from './Printed.tsx';
import {useReceipts} from './receipts.ts';
import {Troubled} from './Troubled.tsx';

/** What every screen of the wizard is given. */
export type ScreenProps = {
	readonly walk: Walk;
	readonly desk: Desk;
	readonly ascii: boolean;
	readonly width: number;
	readonly rows: number;
	readonly asRoot: boolean;
	readonly quit: () => void;
	readonly practice: Practising | undefined;
};

/** The practice machine, while the walk is over it. */
export type Practising = Pick<Inside, 'release' | 'tried' | 'installed'> & {
	/** Goes back to this machine; undefined where the walk was not begun there. */
	readonly leave: (() => void) | undefined;
};

type Props = {
	readonly walk: Walk;
	readonly desk: Desk;
	readonly ascii: boolean;
	readonly asRoot: boolean;
	/** Undefined while the walk is over this machine. */
	readonly practising?: () => Practising | undefined;
};

const nowhere = (): undefined => undefined;

/** The wizard's screen: receipts of what was done above, one decision or one running thing below. */
export function App({walk, desk, ascii, asRoot: isRoot, practising = nowhere}: Props) {
	const {exit, suspendTerminal} = useApp();
	const {columns, rows} = useWindowSize();
	const state = useSyncExternalStore(walk.subscribe, walk.state);
	// it changes only while something is performed, whose end is news of the walk
	const practice = practising();
	// in the guest everybody is root
	const asRoot = isRoot || practice !== undefined;
	const receipts = useReceipts(state, desk, {asRoot, isRead: useIsScreenReaderEnabled(), practice});
	const [helping, setHelping] = useState(false);
	const [sawChanges, setSawChanges] = useState(false);
	const since = sawChanges || state.activity.kind !== 'deciding' ? undefined : desk.since;
	desk.suspend = suspendTerminal;

	const quit = useCallback(() => exit(exitCode(walk.state().judged)), [exit, walk]);

	useKeys((input, key) => {
		if (key.ctrl && input === 'c') {
			// the first Ctrl-C stops what runs, the second leaves
			if (!walk.cancel() && !isInTransaction(walk)) exit(130);
		} else if (helping) {
			if (!scrolls(input, key)) setHelping(false);
		} else if (input === '?' && state.activity.kind !== 'asking') setHelping(true);
	});

	const signRows = practice === undefined ? 0 : 1;
	const props: ScreenProps = {walk, desk, ascii, width: columns, rows: rows - signRows, asRoot, quit, practice};
	return (
		<>
			<Static items={[...receipts]}>
				{one => <Printed key={one.key} receipt={one} ascii={ascii} width={columns} />}
			</Static>
			<Frame rows={rows} columns={columns}>
				{practice !== undefined && <PracticeSign {...props} release={practice.release} />}
				{helping && <Help ascii={ascii} width={columns} rows={props.rows} />}
				<Behind isHidden={helping}>
					{since === undefined ? (
						screenFor(props)
					) : (
						<Changed {...props} since={since} onEnd={() => setSawChanges(true)} />
					)}
				</Behind>
			</Frame>
		</>
	);
}

/** On every screen of the practice machine: nothing here happens to the user's own. */
function PracticeSign({release, ascii, width}: ScreenProps & {readonly release: string}) {
	const row = [
		{text: ' practice VM', color: 'magenta', bold: true},
		{text: ` ${ascii ? '-' : '·'} ${release} ${ascii ? '-' : '·'} thrown away when you leave`, dim: true}
	];
	return <Line parts={row} width={width} ascii={ascii} />;
}

/** What must not be stopped half-way is waited for, and what it says is still heard. */
function isInTransaction(walk: Walk): boolean {
	const {activity} = walk.state();
	return activity.kind === 'performing' && activity.actions.some(action => action.kind === 'install-packages');
}

const scrolls = (input: string, key: Key): boolean =>
	key.upArrow || key.downArrow || key.pageUp || key.pageDown || key.home || key.end || [' ', 'j', 'k'].includes(input);

/** A screen behind another one: it keeps its state, and hears no keys. */
function Behind({isHidden, children}: {readonly isHidden: boolean; readonly children: ReactNode}) {
	const isListening = use(KeysAllowed) && !isHidden;
	return (
		<Box flexDirection="column" display={isHidden ? 'none' : 'flex'}>
			<KeysAllowed value={isListening}>{children}</KeysAllowed>
		</Box>
	);
}

function screenFor(props: ScreenProps) {
	const {activity, run} = props.walk.state();
	switch (activity.kind) {
		case 'inspecting':
		case 'planning':
			return <Inspecting {...props} />;
		case 'deciding':
			return <Deciding key={`${activity.step.id}-${run}`} {...props} step={activity.step} />;
		case 'asking':
			return <Asking key={activity.remedy.id} {...props} activity={activity} />;
		case 'confirming':
			return <Confirming {...props} activity={activity} />;
		case 'performing':
			return <Performing key={activity.run} {...props} activity={activity} />;
		case 'troubled':
			return <Troubled {...props} activity={activity} />;
		case 'finished':
			return <Finished {...props} />;
	}
}
