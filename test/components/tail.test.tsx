import {Text} from 'ink';
import {describe, expect, test} from 'vitest';
import {LogWindow} from '../../components/LogWindow.tsx';
import {createTail, useTail} from '../../components/tail.ts';
import {renderOnTerminal} from '../support/virtual-terminal.ts';

function tailOf(chunks: readonly string[], limit = 100) {
	const tail = createTail({limit});
	for (const chunk of chunks) tail.push(chunk);
	return tail;
}

test.each([
	[['one\ntwo\n'], ['one', 'two']],
	[
		['o', 'ne\nt', 'wo'],
		['one', 'two']
	],
	[['one\r\ntwo\r\n'], ['one', 'two']],
	[
		['one\r', '\ntwo'],
		['one', 'two']
	],
	[['10%\r50%\r100%\n'], ['100%']],
	[['10%\r', '50%'], ['50%']],
	[['10%\r'], ['10%']],
	[['a\r\r\nb'], ['a', 'b']],
	[['\n\nx\n'], ['', '', 'x']],
	[['a\tb\n'], ['a       b']],
	[[''], []],
	[['', 'x', ''], ['x']]
])('%j reads %j', (chunks, expected) => {
	const tail = tailOf(chunks);
	expect(tail.snapshot(10)).toEqual(expected);
	expect(tail.total).toBe(expected.length);
});

test('however the output is cut into chunks, the lines are the same', () => {
	const output = 'CC a.o\r\n 10%\r 90%\r\n\nLD\tvmlinux\nlast';
	const whole = tailOf([output]).snapshot(10);
	for (let first = 0; first < output.length; first++) {
		for (let second = first; second < output.length; second++) {
			const parts = [output.slice(0, first), output.slice(first, second), output.slice(second)];
			expect(tailOf(parts).snapshot(10)).toEqual(whole);
		}
	}
});

test('keeps the last lines only', () => {
	const tail = tailOf(['1\n2\n3\n4\n5'], 3);
	expect(tail.snapshot(10)).toEqual(['2', '3', '4', '5']);
	expect(tail.snapshot(2)).toEqual(['4', '5']);
	expect(tail.snapshot(1)).toEqual(['5']);
	expect(tail.snapshot(0)).toEqual([]);
	expect(tail.total).toBe(5);
});

test('a line without end stays bounded', () => {
	const tail = createTail({limit: 10});
	for (let chunk = 0; chunk < 1000; chunk++) tail.push('x'.repeat(10_000));
	expect(tail.snapshot(1)).toEqual(['x'.repeat(2000)]);
	tail.push('\rshort\n');
	expect(tail.snapshot(2)).toEqual(['short']);
});

test('listeners hear pushes until they leave', () => {
	const tail = createTail({limit: 10});
	let heard = 0;
	const leave = tail.subscribe(() => heard++);
	tail.push('a');
	leave();
	tail.push('b');
	expect(heard).toBe(1);
});

test('useTail draws 30 times a second at most, and the last lines in the end', async () => {
	const tail = createTail({limit: 100});
	let draws = 0;
	const Counter = () => {
		draws++;
		return <Text>{useTail(tail, 2).join(' ')}</Text>;
	};
	const terminal = renderOnTerminal(<Counter />);
	await terminal.settle();
	const start = performance.now();
	let pushed = 0;
	while (performance.now() - start < 330) {
		tail.push(`${++pushed}\n`);
		await new Promise(resolve => setImmediate(resolve));
	}
	expect(pushed).toBeGreaterThan(100);
	expect(draws).toBeGreaterThan(2);
	expect(draws).toBeLessThan(15);
	await new Promise(resolve => setTimeout(resolve, 80));
	expect(await terminal.settle()).toBe(`${pushed - 1} ${pushed}`);
	terminal.app.unmount();
});

describe('LogWindow', () => {
	test('has as many rows as there are lines, none wider than its width', async () => {
		const tail = tailOf([`${'wide '.repeat(20)}\nshort\n`]);
		const terminal = renderOnTerminal(<LogWindow tail={tail} height={4} width={30} />, {columns: 80});
		expect(await terminal.settle()).toBe('     wide wide wide wide wide…\n     short');
		expect(terminal.cursor().y).toBe(2);
		terminal.app.unmount();
	});

	test('100,000 lines in a burst', async () => {
		const tail = createTail({limit: 2000});
		const terminal = renderOnTerminal(<LogWindow tail={tail} height={20} width={80} />, {rows: 30});
		await terminal.settle();
		const before = terminal.raw().length;
		const start = performance.now();
		for (let chunk = 0; chunk < 100; chunk++) {
			const lines = Array.from({length: 1000}, (_, line) => `  CC  drivers/net/ethernet/e1000e/${chunk}-${line}.o\n`);
			tail.push(lines.join(''));
			await new Promise(resolve => setImmediate(resolve));
		}
		// About 60 ms on an idle machine; a window that grows with the log takes minutes.
		expect(performance.now() - start).toBeLessThan(3000);
		expect(tail.total).toBe(100_000);
		await new Promise(resolve => setTimeout(resolve, 80));
		const screen = await terminal.settle();
		expect(screen.split('\n')).toHaveLength(20);
		expect(screen).toMatch(/99-999\.o$/);
		expect(terminal.raw().length - before).toBeLessThan(200_000);
		expect(terminal.scrollback()).toEqual([]);
		terminal.app.unmount();
	});

	test('a screen reader is given the lines there are, and nothing moves', async () => {
		const tail = tailOf(['a\nb\nc\n']);
		const terminal = renderOnTerminal(<LogWindow tail={tail} height={3} width={30} />, {
			isScreenReaderEnabled: true
		});
		expect(await terminal.settle()).toBe('a\nb\nc');
		const before = terminal.raw();
		tail.push('d\n');
		await new Promise(resolve => setTimeout(resolve, 80));
		await terminal.settle();
		expect(terminal.raw()).toBe(before);
		terminal.app.unmount();
	});
});
