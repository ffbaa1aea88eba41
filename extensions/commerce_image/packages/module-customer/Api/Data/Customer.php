<?php

declare(strict_types=1);

namespace Magento\Customer\Api\Data;

/**
 * A customer as the web APIs take and give one. The order of the properties is that of an answer's keys.
 */
class Customer
{
    /**
     * @param array<mixed>|null $addresses
     * @param array<string, mixed>|null $extensionAttributes
     */
    public function __construct(
        public readonly ?int $id,
        public readonly ?int $groupId,
        public readonly ?string $confirmation,
        public readonly ?string $createdAt,
        public readonly ?string $updatedAt,
        public readonly ?string $createdIn,
        public readonly string $email,
        public readonly string $firstname,
        public readonly string $lastname,
        public readonly ?int $storeId,
        public readonly ?int $websiteId,
        public readonly ?array $addresses,
        public readonly ?int $disableAutoGroupChange,
        public readonly ?array $extensionAttributes,
    ) {
    }
}
