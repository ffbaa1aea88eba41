<?php

declare(strict_types=1);

namespace Magento\CustomerGraphQl\Resolver;

use Magento\Customer\Api\AccountManagementInterface;
use Magento\Framework\Exception\LocalizedException;
use Magento\GraphQl\Exception\GraphQlException;
use Magento\GraphQl\Resolver\ResolverInterface;
use Magento\Webapi\Model\ServiceInputProcessor;

/**
 * createCustomer and createCustomerV2.
 */
class CreateCustomer implements ResolverInterface
{
    private const METHOD = 'createAccount';

    public function __construct(
        private readonly AccountManagementInterface $accountManagement,
        private readonly ServiceInputProcessor $inputProcessor,
        private readonly CustomerFields $customerFields,
    ) {
    }

    public function resolve(array $arguments): ?array
    {
        $input = (array)($arguments['input'] ?? []);
        $data = ['customer' => array_diff_key($input, ['password' => 0]), 'password' => $input['password'] ?? null];
        try {
            $arguments = $this->inputProcessor->process(AccountManagementInterface::class, self::METHOD, $data);
            $customer = $this->accountManagement->createAccount(...$arguments);
        } catch (LocalizedException $error) {
            throw new GraphQlException($error->getMessage());
        }

        return ['customer' => $this->customerFields->get($customer)];
    }
}
