import {existsSync, readFileSync, statSync} from 'node:fs';
import {createServer, type RequestListener, type Server, type ServerResponse} from 'node:http';
import {createServer as createSecureServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {join, normalize} from 'node:path';

/** What goes wrong with requests whose path contains `path`, for as many of them as `times` says (all). */
export type Fault = {
	readonly path: string;
	readonly times?: number;
	/**
	 * `cut`: the connection breaks after `at` bytes; `stall`: after them nothing comes any more; `flip`: one bit of byte `at`
	 * is another; `short`: only `at` bytes, told to be all; `status`: the answer is `at`; `whole`: a part that is asked for is not
	 * given, but all of it, as by a server that packs while it sends.
	 */
	readonly kind: 'cut' | 'stall' | 'flip' | 'short' | 'status' | 'whole';
	readonly at: number;
};

export type DistServer = {
	readonly url: string;
	readonly port: number;
	/** `GET /dist/…` of each request, with ` Range` where a part was asked for. */
	readonly requests: readonly string[];
	close(): Promise<void>;
};

/** Serves a folder on this machine alone, as a mirror of rustup's server would, with faults. */
export function serve(
	root: string,
	options: {
		readonly faults?: readonly Fault[];
		readonly bytesPerSecond?: number;
		/** Speaks HTTPS with it. */
		readonly tls?: {readonly key: string; readonly cert: string};
		/** Paths that are somewhere else, and where. */
		readonly redirects?: Readonly<Record<string, string>>;
	} = {}
): Promise<DistServer> {
	const left = (options.faults ?? []).map(fault => ({fault, times: fault.times ?? Number.POSITIVE_INFINITY}));
	const requests: string[] = [];
	const listener: RequestListener = (request, response) => {
		const path = decodeURIComponent(new URL(request.url ?? '/', 'http://server').pathname);
		const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
		requests.push(`${request.method} ${path}${range === undefined ? '' : ' Range'}`);
		const hit = left.find(one => one.times > 0 && path.includes(one.fault.path));
		if (hit !== undefined) hit.times -= 1;
		const elsewhere = options.redirects?.[path];
		if (elsewhere !== undefined) return void response.writeHead(302, {location: elsewhere}).end();
		const from = hit?.fault.kind === 'whole' ? 0 : Number(range ?? 0);
		void answer(response, join(root, normalize(path)), from, hit?.fault, options.bytesPerSecond);
	};
	const server = options.tls === undefined ? createServer(listener) : createSecureServer(options.tls, listener);
	return new Promise(resolve => {
		server.listen(0, '127.0.0.1', () => {
			const {port} = server.address() as AddressInfo;
			resolve({
				port,
				url: `http${options.tls === undefined ? '' : 's'}://127.0.0.1:${port}`,
				requests,
				close: () => close(server)
			});
		});
	});
}

function close(server: Pick<Server, 'close' | 'closeAllConnections'>): Promise<void> {
	return new Promise(resolve => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}

async function answer(
	response: ServerResponse,
	file: string,
	from: number,
	fault: Fault | undefined,
	bytesPerSecond: number | undefined
): Promise<void> {
	if (fault?.kind === 'status') return void response.writeHead(fault.at).end();
	if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
	const content = readFileSync(file);
	if (fault?.kind === 'flip') content[fault.at] = (content[fault.at] ?? 0) ^ 1;
	const all = fault?.kind === 'short' ? content.subarray(0, fault.at) : content;
	if (from > 0 && from >= all.length)
		return void response.writeHead(416, {'content-range': `bytes */${all.length}`}).end();
	const body = all.subarray(from);
	response.writeHead(from > 0 ? 206 : 200, {
		'content-length': body.length,
		...(from > 0 ? {'content-range': `bytes ${from}-${all.length - 1}/${all.length}`} : {})
	});
	const isBroken = fault?.kind === 'cut' || fault?.kind === 'stall';
	const end = isBroken ? Math.min(fault.at, body.length) : body.length;
	const step = bytesPerSecond === undefined ? 65_536 : Math.ceil(bytesPerSecond / 20);
	for (let at = 0; at < end && !response.destroyed; at += step) {
		const isTaken = response.write(body.subarray(at, Math.min(at + step, end)));
		if (bytesPerSecond !== undefined) await new Promise(resolve => setTimeout(resolve, 50));
		else if (!isTaken) await taken(response);
	}
	if (fault?.kind === 'cut') response.destroy();
	else if (fault?.kind !== 'stall') response.end();
}

/** Waits until more can be written, or nobody listens any more. */
function taken(response: ServerResponse): Promise<void> {
	return new Promise(resolve => {
		const go = (): void => {
			response.off('drain', go).off('close', go);
			resolve();
		};
		response.on('drain', go).on('close', go);
	});
}
