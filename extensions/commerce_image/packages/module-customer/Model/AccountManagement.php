<?php

declare(strict_types=1);

namespace Magento\Customer\Model;

use Magento\Customer\Api\AccountManagementInterface;
use Magento\Customer\Api\CustomerRepositoryInterface;
use Magento\Customer\Api\Data\Customer as CustomerData;
use Magento\Customer\Model\Exception\EmailNotConfirmedException;
use Magento\Customer\Model\Exception\InvalidPasswordException;
use Magento\Customer\Model\Exception\UserLockedException;
use Magento\Customer\Model\ResourceModel\Customer as CustomerResource;
use Magento\Customer\Model\ResourceModel\ExcludedWebsites;
use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\Encryption\Encryptor;
use Magento\Framework\Event\ManagerInterface as EventManagerInterface;
use Magento\Framework\Exception\AlreadyExistsException;
use Magento\Framework\Exception\InputException;
use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Framework\Stdlib\DateTime;
use Magento\Store\Model\StoreManager;

class AccountManagement implements AccountManagementInterface
{
    private const CONFIRM_PATH = 'customer/create_account/confirm';
    private const DEFAULT_GROUP_PATH = 'customer/create_account/default_group';

    public function __construct(
        private readonly AuthenticationInterface $authentication,
        private readonly CustomerRegistry $customerRegistry,
        private readonly CustomerRepositoryInterface $customerRepository,
        private readonly CustomerResource $customerResource,
        private readonly CustomerFactory $customerFactory,
        private readonly ExcludedWebsites $excludedWebsites,
        private readonly PasswordPolicy $passwordPolicy,
        private readonly Encryptor $encryptor,
        private readonly StoreManager $storeManager,
        private readonly ScopeConfigInterface $scopeConfig,
        private readonly EventManagerInterface $eventManager,
        private readonly DateTime $dateTime,
    ) {
    }

    public function authenticate(string $username, string $password): Customer
    {
        $store = $this->storeManager->getCustomerStore();
        try {
            $customer = $this->customerRegistry->retrieveByEmail($username, $store->websiteId);
        } catch (NoSuchEntityException) {
            throw new InvalidPasswordException('Invalid login or password.');
        }
        $customerId = $customer->getId();
        if ($this->authentication->isLocked($customerId)) {
            throw new UserLockedException('The account is locked.');
        }
        $this->authentication->authenticate($customerId, $password);
        if ((int)$customer->getData('is_active') === 0) {
            throw new InvalidPasswordException('The account is not active.');
        }
        if ($customer->getData('confirmation') !== null && $this->isConfirmationRequired()) {
            throw new EmailNotConfirmedException("This account isn't confirmed. Verify and try again.");
        }
        if ($this->excludedWebsites->isExcluded((int)$customer->getData('group_id'), $store->websiteId)) {
            throw new InvalidPasswordException("The customer's group may not use this website.");
        }
        $this->eventManager->dispatch('customer_customer_authenticated', ['model' => $customer]);

        return $customer;
    }

    public function createAccount(CustomerData $customer, ?string $password = null): CustomerData
    {
        if (filter_var($customer->email, FILTER_VALIDATE_EMAIL) === false) {
            throw new InputException('"%1" is not a valid email address.', ['Email']);
        }
        if ($password !== null) {
            $this->passwordPolicy->check($password);
        }
        $row = $this->createRow($customer, $password);
        $this->refuseKnownEmail($customer->email, $row['website_id']);
        $customerId = $this->customerResource->insert($this->customerFactory->create(['data' => $row]));

        return $this->customerRepository->getById($customerId);
    }

    /**
     * @return array<string, mixed> column => value
     */
    private function createRow(CustomerData $customer, ?string $password): array
    {
        $store = $this->storeManager->getCustomerStore();
        $now = $this->dateTime->formatNow();

        return [
            'website_id' => $customer->websiteId ?? $store->websiteId,
            'store_id' => $customer->storeId ?? $store->id,
            'created_in' => $store->name,
            'group_id' => $customer->groupId ?? (int)$this->scopeConfig->getValue(self::DEFAULT_GROUP_PATH),
            'email' => $customer->email,
            'firstname' => $customer->firstname,
            'lastname' => $customer->lastname,
            'created_at' => $now,
            'updated_at' => $now,
            'disable_auto_group_change' => $customer->disableAutoGroupChange ?? 0,
            'password_hash' => $password === null ? null : $this->encryptor->getHash($password),
            'confirmation' => $this->isConfirmationRequired() ? bin2hex(random_bytes(16)) : null,
        ];
    }

    /**
     * @throws AlreadyExistsException
     */
    private function refuseKnownEmail(string $email, int $websiteId): void
    {
        try {
            $this->customerRegistry->retrieveByEmail($email, $websiteId);
        } catch (NoSuchEntityException) {
            return;
        }
        throw new AlreadyExistsException(
            'A customer with the same email address already exists in an associated website.',
        );
    }

    private function isConfirmationRequired(): bool
    {
        $code = $this->storeManager->getCustomerStore()->websiteCode;

        return (bool)$this->scopeConfig->getValue(self::CONFIRM_PATH, ScopeConfigInterface::SCOPE_WEBSITES, $code);
    }
}
