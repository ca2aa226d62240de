import {Box, type Key, Static, useApp, useIsScreenReaderEnabled, useWindowSize} from 'ink';
import {type ReactNode, use, useCallback, useState, useSyncExternalStore} from 'react';
import {Frame} from '../../components/Frame.tsx';
import {KeysAllowed, useKeys} from '../../components/use-keys.ts';
import {exitCode} from '../walk/inspect.ts';
import type {Walk} from '../walk/walk.ts';
import {Asking} from './Asking.tsx';
import {Confirming} from './Confirming.tsx';
import {Deciding} from './Deciding.tsx';
import type {Desk} from './desk.ts';
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
};

type Props = {readonly walk: Walk; readonly desk: Desk; readonly ascii: boolean; readonly asRoot: boolean};

/** The wizard's screen: receipts of what was done above, one decision or one running thing below. */
export function App({walk, desk, ascii, asRoot}: Props) {
	const {exit, suspendTerminal} = useApp();
	const {columns, rows} = useWindowSize();
	const state = useSyncExternalStore(walk.subscribe, walk.state);
	const receipts = useReceipts(state, desk, {asRoot, isRead: useIsScreenReaderEnabled()});
	const [helping, setHelping] = useState(false);
	desk.suspend = suspendTerminal;

	const quit = useCallback(() => exit(exitCode(walk.state().judged)), [exit, walk]);

	useKeys((input, key) => {
		if (key.ctrl && input === 'c') {
			// the first Ctrl-C stops what runs, the second leaves
			if (!walk.cancel()) exit(130);
		} else if (helping) {
			if (!scrolls(input, key)) setHelping(false);
		} else if (input === '?' && state.activity.kind !== 'asking') setHelping(true);
	});

	const props: ScreenProps = {walk, desk, ascii, width: columns, rows, asRoot, quit};
	return (
		<>
			<Static items={[...receipts]}>
				{one => <Printed key={one.key} receipt={one} ascii={ascii} width={columns} />}
			</Static>
			<Frame rows={rows} columns={columns}>
				{helping && <Help ascii={ascii} width={columns} rows={rows} />}
				<Behind isHidden={helping}>{screenFor(props)}</Behind>
			</Frame>
		</>
	);
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
