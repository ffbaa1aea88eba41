<?php

declare(strict_types=1);

namespace Magento\CustomerGraphQl\Resolver;

use Magento\Customer\Api\CustomerRepositoryInterface;
use Magento\Framework\Exception\NoSuchEntityException;
use Magento\GraphQl\Exception\GraphQlException;
use Magento\GraphQl\Resolver\ResolverInterface;
use Magento\Webapi\Model\Authorization\TokenUserContext;

/**
 * The customer whose token came with the request.
 */
class Customer implements ResolverInterface
{
    public function __construct(
        private readonly TokenUserContext $userContext,
        private readonly CustomerRepositoryInterface $customerRepository,
        private readonly CustomerFields $customerFields,
    ) {
    }

    public function resolve(array $arguments): ?array
    {
        $customerId = $this->userContext->getCustomerId();
        try {
            $customer = $customerId === null ? null : $this->customerRepository->getById($customerId);
        } catch (NoSuchEntityException) {
            $customer = null;
        }
        if ($customer === null) {
            throw new GraphQlException("The current customer isn't authorized.", GraphQlException::AUTHORIZATION);
        }

        return $this->customerFields->get($customer);
    }
}
