import type {Ended} from './lab.ts';

/** dev may become root without a password: these jobs have no terminal to type one on. */
export const prepare = 'echo "dev ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/dev-without-password';

/** Two modules, built and remembered, on a machine that was seen green. */
export const green = `
mkdir ~/src && cd ~/src
for name in hello numbers; do
	linux-rust-setup new $name --template $name > /dev/null 2>&1 && linux-rust-setup build $name > /dev/null 2>&1 || exit
done
cd ~
linux-rust-setup check --json > /results/green.json`;

export type Document = {
	readonly next: string | null;
	readonly steps: readonly {
		readonly id: string;
		readonly status: string;
		readonly reason?: string;
		readonly summary: string;
	}[];
	readonly since?: {readonly changes: readonly {readonly fact: string; readonly stale: readonly string[]}[]};
};
/** A document that a job left in /results. */
export const documentOf = (ended: Ended, name: string): Document => JSON.parse(ended.files[name] ?? '');

export const stepOf = (document: Document, id: string) => document.steps.find(one => one.id === id);
