import { handOver } from './bootstrap.js';

handOver('start.ts');
