/**
 * {@code godwit demo}: a whole phased migration with failback, on the local stack, under traffic. It uses the same phase files and the same runner as a real
 * migration; only the user's own actions (stopping and sending traffic) are done by a {@link dev.godwit.local.demo.TrafficRouter}.
 */
package dev.godwit.phase.demo;
