// SPDX-License-Identifier: Apache-2.0
package org.flowtally.api.subscriber;

/**
 * Who is charged for usage.
 *
 * @param accountId the customer's account in the NMS; not empty
 * @param serviceId the line or device of the customer; may be empty
 */
public record Subscriber(String accountId, String serviceId) {}
