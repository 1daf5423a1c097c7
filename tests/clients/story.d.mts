// The types of `story.mjs`, for the program that is written in TypeScript.
import type { Client } from 'graphql-ws';

export const url: string;
export const socketUrl: string;
export const authorization: string;
export function words(name: string): string;
export function draft(client: string): {
  idempotencyKey: string;
  location: string;
  name: string;
  customerName: string;
  tenantId: string;
  products: { product: string }[];
};
export function put(address: string): Promise<void>;
export function sockets(): { client: Client; cut: () => void };
export function checkPages(pages: string[][]): void;
export function done(client: string): never;
export function followThroughACut<Variables, Event>(parts: {
  claimId: string;
  after?: string;
  subscribe: (variables: Variables, next: (event: Event) => void) => () => void;
  change: (reference: string) => Promise<void>;
  cut: () => void;
}): Promise<void>;
