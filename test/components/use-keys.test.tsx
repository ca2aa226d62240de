import {type Key, Text} from 'ink';
import {expect, test} from 'vitest';
import {Frame} from '../../components/Frame.tsx';
import {useKeys, usePastes} from '../../components/use-keys.ts';
import {keys, renderOnTerminal} from '../support/virtual-terminal.ts';

function Listener({heard, isActive = true}: {readonly heard: string[]; readonly isActive?: boolean}) {
	useKeys((input, key) => heard.push(name(input, key)), {isActive});
	return <Text>listening</Text>;
}

function name(input: string, key: Key): string {
	const named = (['return', 'tab', 'escape', 'upArrow', 'downArrow', 'backspace', 'delete'] as const).find(
		id => key[id]
	);
	return `${key.ctrl ? 'ctrl ' : ''}${key.meta ? 'meta ' : ''}${key.shift ? 'shift ' : ''}${named ?? ''}${input}`;
}

test.each([
	['\r', ['return']],
	['\n', ['return']],
	['\r\r', ['return', 'return']],
	['y\r', ['y', 'return']],
	['jj\r', ['j', 'j', 'return']],
	['abc\r', ['a', 'b', 'c', 'return']],
	['\t\t', ['tab', 'tab']],
	['\u001b[A\r', ['upArrow', 'return']],
	['\u001b[B\u001b[Bx', ['downArrow', 'downArrow', 'x']],
	['aB', ['a', 'shift B']],
	['B', ['shift B']],
	['ab\u007f', ['a', 'b', 'backspace']],
	['\u0003', ['ctrl c']],
	['\u0001', ['ctrl a']],
	['ab\u0001c', ['a', 'b', 'ctrl a', 'c']],
	['\u001bOM', ['return']],
	['\u001bb', ['meta b']],
	['👩‍💻é', ['👩‍💻', 'é']],
	[keys.paste('y\ry\r'), []],
	[`x${keys.paste('\r')}y`, ['x', 'y']]
])('%j arrives as single presses', async (chunk, expected) => {
	const heard: string[] = [];
	const terminal = renderOnTerminal(<Listener heard={heard} />);
	await terminal.press(chunk);
	expect(heard).toEqual(expected);
	terminal.app.unmount();
});

test('an inactive listener hears nothing', async () => {
	const heard: string[] = [];
	const terminal = renderOnTerminal(
		<>
			<Listener heard={heard} isActive={false} />
			<Listener heard={[]} />
		</>
	);
	await terminal.press('x\r');
	expect(heard).toEqual([]);
	terminal.app.unmount();
});

test('a paste reaches those who ask for it, whole', async () => {
	const pasted: string[] = [];
	const Paster = () => {
		usePastes(text => pasted.push(text));
		return null;
	};
	const terminal = renderOnTerminal(<Paster />);
	await terminal.press(keys.paste('one\ntwo\u0007'));
	expect(pasted).toEqual(['one\ntwo\u0007']);
	terminal.app.unmount();
});

function framed(heard: string[], rows: number, isActive = true) {
	return (
		<Frame rows={rows} columns={80}>
			<Listener heard={heard} isActive={isActive} />
		</Frame>
	);
}

test('below a frame that cannot show its children no key is heard, then or later', async () => {
	const heard: string[] = [];
	const terminal = renderOnTerminal(framed(heard, 24));
	await terminal.press('a');
	terminal.app.rerender(framed(heard, 3));
	await terminal.press('b\r');
	terminal.app.rerender(framed(heard, 24));
	await terminal.press('c');
	expect(heard).toEqual(['a', 'c']);
	terminal.app.unmount();
});

test('keys pressed while nobody listens are not kept for the next question', async () => {
	const heard: string[] = [];
	const terminal = renderOnTerminal(framed(heard, 24, false));
	await terminal.press('\r\r');
	terminal.app.rerender(framed(heard, 24, true));
	await terminal.press('c');
	expect(heard).toEqual(['c']);
	terminal.app.unmount();
});
