import {Box, Static, useApp, useWindowSize} from 'ink';
import {useCallback, useEffect, useRef, useState, useSyncExternalStore} from 'react';
import {Frame} from '../../components/Frame.tsx';
import {KernelLog} from '../../components/KernelLog.tsx';
import {Receipt} from '../../components/Receipt.tsx';
import type {Tail} from '../../components/tail.ts';
import {useKeys} from '../../components/use-keys.ts';
import type {StepId} from '../model/step.ts';
import type {ActionEvent, KernelLine} from '../model/walk.ts';
import {plannedCommands} from '../plain/plan-text.ts';
import {exitCode} from '../walk/inspect.ts';
import type {Walk} from '../walk/walk.ts';
import {Asking} from './Asking.tsx';
import {Confirming} from './Confirming.tsx';
import {Deciding} from './Deciding.tsx';
import {Finished} from './Finished.tsx';
import {Help} from './Help.tsx';
import {Inspecting} from './Inspecting.tsx';
import type {KernelFeed} from './kernel-feed.ts';
import {numbered, Performing} from './Performing.tsx';
import {Troubled} from './Troubled.tsx';

/** What the screen and the work share besides the walk: places for output, and what each can ask of the other. */
export type Desk = {
	/** The output of the present run; each run has its own. */
	tail: Tail;
	readonly feed: KernelFeed;
	readonly notices: readonly string[];
	suspend: ((use: () => Promise<void>) => Promise<void>) | undefined;
	answerWatch: ((wish: 'unload' | 'reload' | 'leave') => void) | undefined;
	onEvent: ((event: ActionEvent) => void) | undefined;
};

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

/** What a finished step leaves above the screen: what is true now, the commands that did it, what the kernel said. */
type FinishedStep = {
	readonly key: string;
	readonly id: StepId;
	readonly text: string;
	readonly commands: readonly string[];
	readonly words: readonly KernelLine[];
};

/** The wizard's screen: receipts of what was done above, one decision or one running thing below. */
export function App({walk, desk, ascii, asRoot}: Props) {
	const {exit, suspendTerminal} = useApp();
	const {columns, rows} = useWindowSize();
	const state = useSyncExternalStore(walk.subscribe, walk.state);
	const [receipts, setReceipts] = useState<readonly FinishedStep[]>([]);
	const [helping, setHelping] = useState(false);
	const performed = useRef<FinishedStep | undefined>(undefined);
	desk.suspend = suspendTerminal;

	const quit = useCallback(() => exit(exitCode(walk.state().judged)), [exit, walk]);

	// a run that went well leaves its receipt when the next look says what is true now
	useEffect(() => {
		const {activity, judged} = state;
		if (activity.kind === 'performing') {
			const commands = plannedCommands(activity.actions).map(command => command.text);
			performed.current = {key: String(activity.run), id: activity.step.id, text: '', commands, words: []};
		} else if (activity.kind === 'troubled') performed.current = undefined;
		else if (activity.kind === 'deciding' || activity.kind === 'finished') {
			const one = performed.current;
			performed.current = undefined;
			const verdict = judged.find(({id}) => id === one?.id)?.verdict;
			if (one !== undefined && verdict?.status === 'done') {
				const words = one.id === 'load' ? desk.feed.lines().filter(line => line.own || line.note !== undefined) : [];
				setReceipts(before => [...before, {...one, text: verdict.summary, words}]);
			}
		}
	}, [state, desk]);

	useKeys((input, key) => {
		if (key.ctrl && input === 'c') {
			// the first Ctrl-C stops what runs, the second leaves
			if (!walk.cancel()) exit(130);
			return;
		}
		if (helping) setHelping(false);
		else if (input === '?' && state.activity.kind !== 'asking') setHelping(true);
	});

	const props: ScreenProps = {walk, desk, ascii, width: columns, rows, asRoot, quit};
	return (
		<>
			<Static items={[...receipts]}>
				{one => (
					<Box key={one.key} flexDirection="column">
						<Receipt id={one.id} mark="done" text={one.text} ascii={ascii} width={columns} commands={one.commands} />
						{one.words.length === 0 ? undefined : (
							<KernelLog
								records={numbered(one.words).records.map(withoutNote)}
								notes={[]}
								height={one.words.length}
								width={columns}
								ascii={ascii}
							/>
						)}
					</Box>
				)}
			</Static>
			<Frame rows={rows} columns={columns}>
				{helping ? <Help ascii={ascii} width={columns} /> : screenFor(props)}
			</Frame>
		</>
	);
}

function screenFor(props: ScreenProps) {
	const {activity} = props.walk.state();
	switch (activity.kind) {
		case 'inspecting':
		case 'planning':
			return <Inspecting {...props} />;
		case 'deciding':
			return <Deciding key={`${activity.step.id}-${props.walk.state().run}`} {...props} step={activity.step} />;
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

/** In the scrollback the numbers would point nowhere. */
const withoutNote = ({time, text, own}: ReturnType<typeof numbered>['records'][number]) => ({time, text, own});
