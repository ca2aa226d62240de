import {Static, type SuspendTerminal, Text, useApp, useWindowSize} from 'ink';
import {describe, expect, test} from 'vitest';
import {Checklist} from '../../components/Checklist.tsx';
import {Frame} from '../../components/Frame.tsx';
import {TextField} from '../../components/TextField.tsx';
import {repairSequence} from '../../components/use-resize-repair.ts';
import {renderOnTerminal} from '../support/virtual-terminal.ts';
import {decision, kernel, type Scene, scenes, walk} from './scenes.tsx';

function Resizable({scene}: {readonly scene: Scene}) {
	const {columns, rows} = useWindowSize();
	return scene(columns, rows, false);
}

async function fresh(scene: Scene, columns: number, rows: number): Promise<string> {
	const terminal = renderOnTerminal(scene(columns, rows, false), {columns, rows});
	const screen = await terminal.settle();
	terminal.app.unmount();
	return screen;
}

describe.each([false, true])('incremental rendering %s', incrementalRendering => {
	test.each(Object.entries(scenes))(
		'%s: narrower, wider and lower again look as if drawn at that size',
		async (_, scene) => {
			const terminal = renderOnTerminal(<Resizable scene={scene} />, {columns: 100, rows: 40, incrementalRendering});
			for (const [columns, rows] of [
				[80, 40],
				[61, 40],
				[45, 40],
				[120, 40],
				[44, 40],
				[44, 30],
				[200, 50],
				[80, 24]
			] as const) {
				expect(await terminal.resize(columns, rows)).toBe(await fresh(scene, columns, rows));
				expect(terminal.scrollback()).toEqual([]);
			}
			terminal.app.unmount();
		}
	);

	test('lower than the frame: only what the terminal itself pushes out is in the scrollback', async () => {
		const terminal = renderOnTerminal(<Resizable scene={decision} />, {columns: 80, rows: 24, incrementalRendering});
		const before = (await terminal.settle()).split('\n');
		await terminal.resize(80, 8);
		// 14 rows and the cursor's row on 8: the terminal itself scrolls 7 of them away, Ink adds none.
		expect(terminal.scrollback()).toEqual(before.slice(0, 7));
		expect(terminal.screen()).toBe(await fresh(decision, 80, 8));
		terminal.app.unmount();
	});

	test('too small and back: nothing is lost', async () => {
		const terminal = renderOnTerminal(<Resizable scene={kernel} />, {columns: 80, rows: 24, incrementalRendering});
		await terminal.settle();
		expect(await terminal.resize(10, 24)).toContain('Termina...');
		expect(await terminal.resize(80, 24)).toBe(await fresh(kernel, 80, 24));
		terminal.app.unmount();
	});
});

test('with the cursor in a field the rows above it are counted, and nothing above the frame is erased', async () => {
	const long = 'a line of a good length, so that it wraps when the terminal is made much narrower than it was';
	const scene: Scene = (columns, rows) => (
		<>
			<Static items={['first receipt', 'second receipt']}>{receipt => <Text key={receipt}>{receipt}</Text>}</Static>
			<Frame rows={rows} columns={columns}>
				<TextField
					label={long}
					value="hello"
					validate={() => undefined}
					onSubmit={() => {}}
					onCancel={() => {}}
					isActive
					width={columns}
				/>
				<Text>below</Text>
			</Frame>
		</>
	);
	const terminal = renderOnTerminal(<Resizable scene={scene} />, {columns: 100, rows: 24});
	await terminal.settle();
	expect(await terminal.resize(40, 24)).toBe(
		['first receipt', 'second receipt', 'a line of a good length, so that it wra…', ' ❯ hello', 'below'].join('\n')
	);
	expect(terminal.cursor()).toEqual({x: 8, y: 3});
	terminal.app.unmount();
});

test('a list that believes the terminal wider than it is does not tear', async () => {
	const terminal = renderOnTerminal(<Checklist items={walk} ascii={false} width={100} />, {columns: 40});
	expect((await terminal.settle()).split('\n')[0]).toBe(' ✔ machine    x86_64 · 41 GB free · Sec…');
	terminal.app.unmount();
});

test('while another program has the terminal nothing is written to it', async () => {
	let suspend: SuspendTerminal | undefined;
	const Suspendable = () => {
		suspend = useApp().suspendTerminal;
		return <Resizable scene={decision} />;
	};
	const terminal = renderOnTerminal(<Suspendable />, {columns: 80, rows: 24});
	await terminal.settle();
	await suspend?.(async () => {
		const before = terminal.raw();
		await terminal.resize(40, 24);
		expect(terminal.raw()).toBe(before);
	});
	expect(await terminal.settle()).toBe(await fresh(decision, 40, 24));
	terminal.app.unmount();
});

const eraseRow = '\u001b[2K\u001b[A';

test.each([
	[[10, 20, 0], 20, undefined, ''],
	[[21, 20], 20, undefined, eraseRow],
	[[80, 80, 5], 20, undefined, eraseRow.repeat(6)],
	[[80, 5, 80], 20, 1, '\u001b[3A'],
	[[5, 80], 20, 1, ''],
	[[80], Number.POSITIVE_INFINITY, undefined, '']
])('rows of %j cells on %d columns with the cursor in row %s', (widths, columns, cursorRow, expected) => {
	expect(repairSequence(widths, columns, cursorRow)).toBe(expected);
});
