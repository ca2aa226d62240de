import {Text} from 'ink';
import type {ReactNode} from 'react';
import {Checklist} from '../../components/Checklist.tsx';
import {CommandPreview} from '../../components/CommandPreview.tsx';
import type {ChecklistItem} from '../../components/checklist-rows.ts';
import {Facts} from '../../components/Facts.tsx';
import {FailurePanel} from '../../components/FailurePanel.tsx';
import {FilesPreview} from '../../components/FilesPreview.tsx';
import {Frame} from '../../components/Frame.tsx';
import {KernelLog} from '../../components/KernelLog.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {LogWindow} from '../../components/LogWindow.tsx';
import {ProgressLine} from '../../components/ProgressLine.tsx';
import {Receipt} from '../../components/Receipt.tsx';
import {Select} from '../../components/Select.tsx';
import {Spinner} from '../../components/Spinner.tsx';
import {TextField} from '../../components/TextField.tsx';
import {createTail} from '../../components/tail.ts';

/** Whole screens put together from the components, as the program does it, at any size. */
export type Scene = (columns: number, rows: number, ascii: boolean) => ReactNode;

export const walk: readonly ChecklistItem[] = [
	{id: 'machine', mark: 'done', text: 'x86_64 · 41 GB free · Secure Boot off'},
	{id: 'kernel', mark: 'done', text: 'linux-rust 7.2.13.arch1-1 installed'},
	{id: 'boot', mark: 'now', text: 'another kernel is running'},
	{id: 'toolchain', mark: 'todo', text: ''},
	{id: 'metadata', mark: 'todo', text: ''},
	{id: 'module', mark: 'todo', text: ''},
	{id: 'build', mark: 'todo', text: ''},
	{id: 'load', mark: 'todo', text: ''}
];

export const answers = [
	{id: 'once', label: 'Boot linux-rust once, keep linux as the default'},
	{id: 'default', label: 'Make linux-rust the default', hint: 'asks for no password'},
	{id: 'practice', label: 'Practise in a disposable VM instead'},
	{id: 'later', label: 'Leave it for later'}
];

export const hints = [
	{key: '↑↓', does: 'choose'},
	{key: 'Enter', does: 'do it'},
	{key: 'd', does: 'details'},
	{key: 'b', does: 'back'},
	{key: '?', does: 'help'},
	{key: 'q', does: 'quit'}
];

export const bootCommand = {
	text: "sudo grub-reboot 'Advanced options for Arch Linux>Arch Linux, with Linux linux-rust'",
	root: true,
	why: 'chooses what GRUB starts next time, and only next time'
};

function nothing(): void {}

export const decision: Scene = (columns, rows, ascii) => (
	<Frame rows={rows} columns={columns}>
		<Checklist items={walk} ascii={ascii} width={columns} compact={columns <= 40} />
		<Facts
			width={columns}
			ascii={ascii}
			rows={[
				{label: 'running', value: '6.18.7-arch1-1'},
				{label: 'next boot', value: 'linux'}
			]}
		/>
		<Select items={answers} width={columns} ascii={ascii} isActive onHighlight={nothing} onSelect={nothing} />
		<CommandPreview commands={[bootCommand]} width={columns} ascii={ascii} rows={columns <= 40 ? 3 : 8} />
		<KeyHints keys={hints} width={columns} ascii={ascii} />
	</Frame>
);

export const kernel: Scene = (columns, rows, ascii) => (
	<Frame rows={rows} columns={columns}>
		<KernelLog
			height={rows - 1}
			width={columns}
			ascii={ascii}
			records={[
				{time: '0.000', text: 'loading out-of-tree module taints kernel.', own: false, note: 1},
				{time: '0.000', text: 'module verification failed: signature missing', own: false, note: 2},
				{time: '0.001', text: 'Rust out-of-tree sample (init)', own: true},
				{time: '2.410', text: 'usb 1-1: new high-speed USB device number 5', own: false}
			]}
			notes={[
				{number: 1, text: "normal: the module is not part of the kernel's tree"},
				{number: 2, text: 'normal: the module is not signed; Secure Boot is off'}
			]}
		/>
	</Frame>
);

export const failure: Scene = (columns, rows, ascii) => (
	<Frame rows={rows} columns={columns}>
		<FailurePanel
			title="build: make stopped after 4 s"
			cause="The compiler does not match this kernel (E0514)."
			facts={[
				{label: 'the kernel wants', value: 'rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-1)'},
				{label: 'make used', value: 'rustc 1.97.1 (8bab26f4f 2026-07-14), from rustup'},
				{label: '', value: "Same number, built by another vendor: the kernel's crates refuse it."}
			]}
			cures={[{label: 'Build with /usr/bin/rustc, which matches', command: 'make RUSTC=/usr/bin/rustc modules'}]}
			log="~/.local/state/linux-rust-setup/build-1.log"
			width={columns}
			ascii={ascii}
		/>
	</Frame>
);

export const sampleFiles = [
	{path: 'Kbuild', content: 'obj-m := hello.o\n', exists: false},
	{path: 'hello.rs', content: Array.from({length: 30}, (_, line) => `\tline ${line + 1}`).join('\n'), exists: true}
];

export const files: Scene = (columns, rows, ascii) => (
	<Frame rows={rows} columns={columns}>
		<FilesPreview folder="~/hello" files={sampleFiles} height={rows - 1} width={columns} isActive ascii={ascii} />
	</Frame>
);

export const operation: Scene = (columns, rows, ascii) => {
	const tail = createTail({limit: 100});
	tail.push('  CC\tdrivers/net/ethernet/intel/e1000e/netdev.o\n 10%\r 50%\r\n  RUSTC 漢字 drivers/net/phy.o\n  LD');
	return (
		<Frame rows={rows} columns={columns}>
			<Receipt
				mark="done"
				id="kernel"
				text="linux-rust installed"
				ascii={ascii}
				width={columns}
				commands={['sudo pacman -U linux-rust-7.2.13.arch1-1-x86_64.pkg.tar.zst']}
			/>
			<ProgressLine
				done={14_210}
				total={26_900}
				text="build()    14,210 of about 26,900 · 52 %"
				width={columns}
				ascii={ascii}
			/>
			<LogWindow tail={tail} height={4} width={columns} ascii={ascii} />
			<Text wrap="truncate">
				<Spinner ascii={ascii} isMoving={false} /> compiling
			</Text>
		</Frame>
	);
};

export const question: Scene = (columns, rows, ascii) => (
	<Frame rows={rows} columns={columns}>
		<TextField
			label="Name of the module"
			value="blinker"
			validate={() => undefined}
			onSubmit={nothing}
			onCancel={nothing}
			isActive
			width={columns}
			ascii={ascii}
		/>
		<Select
			items={Array.from({length: 30}, (_, index) => ({id: `${index}`, label: `choice ${index + 1}`}))}
			height={4}
			width={columns}
			ascii={ascii}
			isActive={false}
			onHighlight={nothing}
			onSelect={nothing}
		/>
	</Frame>
);

export const scenes: Readonly<Record<string, Scene>> = {decision, kernel, failure, files, operation, question};
