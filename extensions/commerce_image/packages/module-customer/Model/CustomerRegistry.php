<?php

declare(strict_types=1);

namespace Magento\Customer\Model;

use Magento\Customer\Model\ResourceModel\Customer as CustomerResource;
use Magento\Framework\Exception\NoSuchEntityException;

/**
 * The customers that this request has met: one object for each.
 */
class CustomerRegistry
{
    private const NO_SUCH_ENTITY = 'No such entity with %fieldName = %fieldValue';

    /** @var array<int, Customer> by id */
    private array $customers = [];

    public function __construct(
        private readonly CustomerFactory $customerFactory,
        private readonly CustomerResource $customerResource,
    ) {
    }

    /**
     * @throws NoSuchEntityException
     */
    public function retrieve(int $customerId): Customer
    {
        if (!isset($this->customers[$customerId])) {
            $customer = $this->customerFactory->create();
            $this->customerResource->load($customer, $customerId);
            $this->register($customer, 'customerId', (string)$customerId);
        }

        return $this->customers[$customerId];
    }

    /**
     * @throws NoSuchEntityException
     */
    public function retrieveByEmail(string $email, int $websiteId): Customer
    {
        $customer = $this->customerFactory->create();
        $this->customerResource->loadByEmail($customer, $email, $websiteId);

        return $this->customers[$customer->getId()] ?? $this->register($customer, 'email', $email);
    }

    public function remove(int $customerId): void
    {
        unset($this->customers[$customerId]);
    }

    /**
     * @throws NoSuchEntityException when nothing was loaded
     */
    private function register(Customer $customer, string $field, string $value): Customer
    {
        if ($customer->getId() === 0) {
            throw new NoSuchEntityException(self::NO_SUCH_ENTITY, ['fieldName' => $field, 'fieldValue' => $value]);
        }

        return $this->customers[$customer->getId()] = $customer;
    }
}
